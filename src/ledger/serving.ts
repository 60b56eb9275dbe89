import { Corruption } from '../archive/fault.ts'
import { findPosition } from '../archive/find.ts'
import { keyringIn } from '../archive/keyring.ts'
import type { Position } from '../archive/position.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { openWriter } from '../archive/write.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache } from '../cache/generations.ts'
import { type Connection, openForWriting, openReader } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import { readsBehind } from '../cache/unchanged.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { catchUp } from './catch-up.ts'
import type { StartOptions } from './options.ts'
import { projector } from './project.ts'
import { type Bench, writeConnection } from './rehearse.ts'

/** The connections to the cache that is served, and, for the writer, the way into the archive behind it. */
export interface Serving {
  reader(): Connection
  /** For whoever projects. */
  writes(): Connection | undefined
  /** For whoever writes the archive, as long as that is possible. */
  bench(): Bench | undefined
  /** The keys of this site. */
  readonly keyring: Keyring
  /** From now on this cache is read and projected into; nobody writes until `openBench`. */
  connect(path: string): void
  /** Throws when the archive cannot be opened behind this cache. */
  openBench(): void
  /** Projects what the archive has and the cache that is served has not seen. */
  follow(cache: Reading, until?: number): ReadEnd
  /** Reads from the cache that another process points to now, if it does. */
  followPointer(): void
  stopWriting(): void
  close(): void
}

export function servingFrom(path: string, options: StartOptions): Serving {
  const { disk, source, archive, catalogue } = options
  let reader = openReader(path)
  let writes: Connection | undefined
  let bench: Bench | undefined
  const keyring = keyringIn(disk, options.secrets, () => catalogue.sealingKeys(reader))

  function positionOf(cache: Reading): Position {
    const cursor = cursorOf(cache)
    const position = cursor && findPosition(disk, archive, cursor)
    if (!position) throw new Error('the archive does not hold the record this cache ends with')
    return position
  }

  const follow = (cache: Reading, until?: number) =>
    catchUp(disk, archive, cache, projector(catalogue.kinds), positionOf(cache), until)

  function benchFor(cache: Reading): Bench {
    const writer = openWriter(disk, archive, positionOf(cache))
    return {
      connection: writeConnection(cache),
      writer,
      projector: projector(catalogue.kinds),
      source,
      keyring,
      catchUp() {
        const { safe, fault } = follow(cache)
        if (fault && safe.sequence < writer.head.sequence) throw new Corruption(fault)
      },
    }
  }

  function stopWriting() {
    bench?.writer.close()
  }

  return {
    keyring,
    reader: () => reader,
    writes: () => writes,
    bench: () => bench,
    connect(path) {
      const before = [writes, reader]
      reader = openReader(path)
      writes = openForWriting(path)
      readsBehind(reader, writes)
      for (const connection of before) connection?.close()
      stopWriting()
      bench = undefined
    },
    openBench() {
      if (writes) bench = benchFor(writes)
    },
    follow,
    followPointer() {
      const path = currentCache(options.cache, options.schemaHash)
      if (writes || !path || path === reader.path) return
      const before = reader
      reader = openReader(path)
      before.close()
    },
    stopWriting,
    close() {
      stopWriting()
      writes?.close()
      reader.close()
    },
  }
}
