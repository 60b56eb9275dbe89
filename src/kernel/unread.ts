/* That a file cannot be read, as a problem says it: what tells of it and what gives advice have the same words. */

const beginning = 'it cannot be read'

/** `why` as the system says it: "EIO: i/o error". */
export const cannotBeRead = ({ why }: { readonly why: string }): string => `${beginning} (${why})`

export const saysUnread = ({ what }: { readonly what: string }): boolean => what.startsWith(beginning)
