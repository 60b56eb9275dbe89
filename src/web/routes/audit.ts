import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import { exportAudit } from '../../commands/administration.ts'
import { perform } from '../../commands/command.ts'
import { auditBefore, auditPage } from '../../queries/admin/audit.ts'
import type { AuditFilter } from '../../queries/pages/admin.ts'
import { placeIn } from '../addresses.ts'
import { type Sent, sentBy, text } from '../forms.ts'
import type { Site } from '../site.ts'

/** What was done in the name of all, and who came in. */
export function auditRoutes(app: FastifyInstance, site: Site) {
  app.get<{ Querystring: Sent }>('/admin/audit', ({ query }, reply) =>
    reply.show('admin/audit', auditPage(site.cache(), filterIn(query), placeIn(query.before))),
  )

  // A form, because taking a copy away is written down: a page that is only looked at writes nothing.
  app.post('/admin/audit/csv', async (request, reply) => {
    await perform(site.record, exportAudit, request.actor, {})
    const rows = Readable.from(entries(site, filterIn(sentBy(request))))
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="audit-log.csv"')
      .type('text/csv; charset=utf-8')
      .send(rows.pipe(stringify({ header: true, columns, bom: true, escape_formulas: true })))
  })
}

/** A cell that a spreadsheet would take for a formula is kept from being one: people choose their names. */
const columns = ['record', 'at', 'by', 'what', 'whom', 'detail']

const filterIn = (sent: Sent): AuditFilter => ({
  who: text(sent, 'who').trim().slice(0, 100),
  group: text(sent, 'group'),
  from: text(sent, 'from'),
  until: text(sent, 'until'),
})

/** All of them, some at a time, so that a long log never stands in memory as a whole. */
function* entries(site: Site, filter: AuditFilter) {
  let before: number | undefined
  while (true) {
    const some = auditBefore(site.cache(), filter, before, 500)
    for (const { sequence, at, by, words, whom, detail } of some)
      yield [sequence, at, by, words, whom ?? '', detail ?? '']
    if (some.length < 500) return
    before = some.at(-1)?.sequence
  }
}
