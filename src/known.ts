/** The schema hash of this code, where it was computed beforehand: in a bundle, which `make-bundle.ts` makes. */
export const knownSchemaHash: string | undefined = undefined
