declare module 'asl-validator' {
  /** Checks a definition against the language's schema, its paths and its references. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    readonly errors: readonly object[];
  };
}
