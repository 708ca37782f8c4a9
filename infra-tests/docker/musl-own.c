/* Preloaded by an image into its own program: the program asks whether it is there. */
int preloaded(void) { return 1; }
