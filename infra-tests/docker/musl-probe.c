/*
 * Says what a program that is linked to musl finds around it: for each of its arguments, in their order, one thing. The
 * image that it is in has nothing else, not even a shell.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void variables(void) {
  for (char **each = environ; *each != NULL; each++) printf("variable %s\n", *each);
}

/* Files that are mapped into this process, each once. */
static void libraries(void) {
  char line[4096], last[4096] = "";
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    char *path = strchr(line, '/');
    if (path == NULL || strcmp(path, last) == 0) continue;
    strcpy(last, path);
    printf("mapped %s", path);
  }
}

static void user(void) {
  printf("user %d:%d, %s in accounts\n", getuid(), getgid(), getpwuid(getuid()) == NULL ? "not" : "is");
}

static void places(void) {
  const char *paths[] = {"/tmp", "/bin/sh", "/etc/passwd", "/etc/ld-musl-x86_64.path", NULL};
  for (const char **each = paths; *each != NULL; each++)
    if (access(*each, F_OK) != 0) printf("no %s\n", *each);
}

int main(int count, char **given) {
  for (int at = 1; at < count; at++) {
    const char *word = given[at];
    if (strcmp(word, "variables") == 0) variables();
    else if (strcmp(word, "libraries") == 0) libraries();
    else if (strcmp(word, "user") == 0) user();
    else if (strcmp(word, "effective") == 0) printf("effective user %d\n", geteuid());
    else if (strcmp(word, "places") == 0) places();
    else if (strcmp(word, "locale") == 0) printf("locale %s\n", setlocale(LC_ALL, ""));
    else if (strcmp(word, "preloaded") == 0) printf("preloaded %s\n", dlsym(RTLD_DEFAULT, "preloaded") ? "yes" : "no");
    else if (strncmp(word, "exit=", 5) == 0) return atoi(word + 5);
    else printf("argument %s\n", word);
  }
  return 0;
}
