import encodeQR from 'qr'

/** A QR code: how many squares a side has, with the quiet edge, and an SVG path that fills the dark ones. */
export function pictureOf(text: string): { size: number; path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  return { size: rows.length, path: rows.map(pathOfRow).join('') }
}

/** One rectangle for each run of dark squares. */
function pathOfRow(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const from = x
    while (row[x + 1]) x++
    const width = x - from + 1
    path += `M${from} ${y}h${width}v1h-${width}z`
  }
  return path
}
