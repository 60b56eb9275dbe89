/** A sentence for each form field that is not right; a field that is right is null. */
export type Mistakes<Field extends string> = { readonly [name in Field]: string | null }
