import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * The picture that a browser took, with a palette of 64 colours: a fraction of the bytes, and on pages of text nothing
 * that an eye could see.
 */
export function inFewColours(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const head = chunks.find(({ type }) => type === 'IHDR')?.body
  if (head?.[8] !== 8 || head[9] !== 2) throw new Error('this is no picture of three bytes a pixel')
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const parts = chunks.filter(({ type }) => type === 'IDAT').map(({ body }) => body)
  const pixels = unfiltered(inflateSync(Buffer.concat(parts)), width * 3, height)

  const { palette, placeOf } = coloursOf(pixels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + x + 1] = placeOf.get(pixels.readUIntBE((y * width + x) * 3, 3)) ?? 0

  head[9] = 3
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The 64 colours that are used most, and which of them stands for each colour. */
function coloursOf(pixels: Buffer) {
  const uses = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3)
    uses.set(colour, (uses.get(colour) ?? 0) + 1)
  }
  const colours = [...uses].toSorted(([, one], [, other]) => other - one).map(([colour]) => colour)
  const palette = colours.slice(0, 64)
  const known = palette.map(channelsOf)
  const placeOf = new Map(
    colours.map((colour, place) => [colour, place < 64 ? place : nearest(known, colour)]),
  )
  return { palette, placeOf }
}

function nearest(known: readonly (readonly number[])[], colour: number): number {
  const channels = channelsOf(colour)
  const distances = known.map((other) =>
    other.reduce((sum, channel, c) => sum + (channel - (channels[c] ?? 0)) ** 2, 0),
  )
  return distances.indexOf(Math.min(...distances))
}

const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255]

function chunksOf(png: Buffer) {
  const found: { type: string; body: Buffer }[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const [start, end] = [at + 8, at + 8 + png.readUInt32BE(at)]
    found.push({ type: png.toString('latin1', at + 4, start), body: png.subarray(start, end) })
  }
  return found
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(body.length, 0)
  ends.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)])
}

/** Each row says how it differs from its neighbours; three bytes are a pixel. */
function unfiltered(rows: Buffer, length: number, height: number): Buffer {
  const pixels = Buffer.alloc(length * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (length + 1)] ?? 0
    for (let x = 0; x < length; x++) {
      const at = y * length + x
      const left = x >= 3 ? (pixels[at - 3] ?? 0) : 0
      const above = y > 0 ? (pixels[at - length] ?? 0) : 0
      const corner = x >= 3 && y > 0 ? (pixels[at - length - 3] ?? 0) : 0
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, corner)]
      pixels[at] = (rows[at + y + 1] ?? 0) + (guesses[filter] ?? 0)
    }
  }
  return pixels
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}
