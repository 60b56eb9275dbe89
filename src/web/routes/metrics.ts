import type { FastifyInstance, FastifyRequest } from 'fastify'
import { exposition, expositionType, gauge, labelled, type Metric } from '../exposition.ts'
import type { Figures } from '../figures.ts'
import { httpMeter, processMeter } from '../meter.ts'
import type { Site } from '../site.ts'

/** Figures for Prometheus. Unless METRICS is on there is no such page, and never for anybody behind a proxy. */
export function metricsRoutes(app: FastifyInstance, site: Site) {
  if (site.config.metrics === 'off') return
  const ofPeople = httpMeter(app)
  const ofProcess = processMeter(app)

  app.get('/metrics', { config: { isPlain: true } }, (request, reply) => {
    if (isForwarded(request)) {
      request.openSession = null
      return reply.callNotFound()
    }
    const metrics = [...ofSite(site.figures?.()), ...ofPeople(), ...ofProcess(site.source.now())]
    return reply.type(expositionType).header('cache-control', 'no-store').send(exposition(metrics))
  })
}

/** A proxy should not pass this on; should it do so all the same, nobody on the internet is to read it. */
const isForwarded = ({ headers }: FastifyRequest) =>
  [headers['x-forwarded-for'], headers.forwarded, headers.via].some((said) => said !== undefined)

/** Nothing before the ledger is open. */
function ofSite(figures: Figures | undefined): Metric[] {
  if (!figures) return []
  const { archive, cache, missingKeys, verifiedAt, backedUpAt, free } = figures
  return [
    gauge('thywill_archive_records', 'Records in the archive.', archive.records),
    gauge('thywill_archive_bytes', 'Size of all segments.', archive.bytes),
    gauge('thywill_archive_segments', 'Months in the archive.', archive.segments),
    gauge('thywill_archive_last_sequence', 'Number of the last record.', archive.lastSequence),
    gauge('thywill_archive_healthy', '1 unless something is wrong with the text.', Number(archive.isHealthy)),
    gauge('thywill_archive_writable', '1 while what people write is saved.', Number(archive.isWritable)),
    gauge('thywill_cache_bytes', 'Size of the cache that serves.', cache.bytes),
    gauge('thywill_cache_cursor_sequence', 'The last record that the cache has seen.', cache.sequence),
    gauge('thywill_cache_last_rebuild_timestamp_seconds', 'When it was made.', cache.builtAt / 1000),
    gauge('thywill_cache_last_rebuild_duration_seconds', 'How long that took.', cache.buildSeconds),
    labelled(
      {
        name: 'thywill_cache_rows',
        help: 'Rows of each table, counted once a minute at most.',
        type: 'gauge',
      },
      'table',
      cache.rows,
    ),
    gauge(
      'thywill_sealing_keys_missing',
      'Keys that words were sealed with and that are not here.',
      missingKeys,
    ),
    gauge(
      'thywill_last_verification_timestamp_seconds',
      'When every byte was last read.',
      seconds(verifiedAt),
    ),
    gauge('thywill_last_backup_timestamp_seconds', 'When the last backup was made.', seconds(backedUpAt)),
    labelled(
      { name: 'thywill_disk_free_bytes', help: 'Room where each folder is.', type: 'gauge' },
      'folder',
      free,
    ),
  ]
}

const seconds = (milliseconds: number | undefined) => milliseconds && milliseconds / 1000
