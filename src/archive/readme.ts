/** The text of `README.md` in every backup. */
export const backupReadme = `# A backup of a ThyWill archive

Everything that happened in a prayer community, as a text archive: \`FORMAT\` says how to read it. \`MANIFEST\` names each
file with its length and SHA-256, the last record, and the keys of the archive; its last line is an Ed25519 signature, by
the key in the line above, over all lines before. \`erasures.txt\` lists what has to stay erased.

To restore, where ThyWill is installed:

    ./thywill restore FOLDER --dry-run
    ./thywill restore FOLDER

Without the program: copy everything but \`MANIFEST\` and \`keys.sealed\` into an empty ARCHIVE_DIR and start the site.

A name that ends in \`.next\` belongs to a backup that was being made. When \`MANIFEST.next\` is there, that backup is whole:
each file it names is the one that ends in \`.next\`, or, where there is none, the one that does not.

## keys.sealed

Only there when the backup was made with \`--with-secrets\`. Its second line names scrypt's N, r, p and salt (hex), which
make 32 bytes from the passphrase (UTF-8, NFC, without blanks at its ends); its third the nonce (hex) of AES-256-GCM under these bytes. The first three
lines, with their line feeds, are the associated data. What follows, from base64, is the ciphertext and 16 bytes of tag; it
opens to a JSON object: the name of each file of SECRETS_DIR, and its bytes in base64. Without it, words for fewer than
everyone cannot be opened after a restore elsewhere.
`
