/**
 * What a node is given of secrets: by the name of a secret its value, by a cipher text the variables in it; or why it
 * could not be had.
 */
export type NodeSecrets = Readonly<
  Record<
    string,
    | { readonly value: string }
    | { readonly variables: Readonly<Record<string, string>> }
    | { readonly problem: string }
  >
>;
