/** The text of `FORMAT`, the same in every archive of format 1 and compared byte for byte. */
export const formatText = `thywill archive 1

This folder remembers everything that happened in a ThyWill prayer community. It is the only truth: the site's
database is made from it and can be thrown away. Any text editor opens it; nothing here may be edited.

<year>/<year>-<month>.txt    one month, a segment; the last one is still growing
<year>/<year>-<month>.seal   a signed statement about a month that is over
erasures.txt                 which words were erased, when and why
quarantine/                  what a crash left unfinished, kept before it was cut off

A segment begins with two lines: its month and first number, and the closing hash of the record before. A record is a
header line, then blocks of personal text behind a margin of "| ", then a closing line "= " with its hash, then a
blank line. The header is

    @<number>[+<records of the same act still to come>] <time of writing, UTC> <kind>/<version>[!] <key>=<value> ...

and a block is a line "~<field> <salt>" above the lines of the text. "!" says: a program that does not know this kind
must not go on without it.

The closing hash is the SHA-256 of the text from the previous closing line down to this record's last line, as it would
read if every block were erased. For a record without blocks, with its previous closing line on line 2:

    sed -n '2,4p' 2026/2026-11.txt | sha256sum

An erased block is the one line "~<field> erased <digest>", where the digest is the SHA-256 of the block's own lines:

    sed -n '<first line>,<last line>p' 2026/2026-11.txt | sha256sum

So erasing words changes no hash, and changing anything else is found. A later record "record.erased" names every
erasure. The line "| sealed <key number> <text>" is AES-256-GCM: 12 bytes of nonce, ciphertext, 16 bytes of tag, in
base64url; associated data is kind, field and id, with a line feed between them. The keys are kept elsewhere.

A copy of this folder, taken at any moment with any tool, is a valid backup.
`
