import type { FastifyInstance, FastifyReply } from 'fastify'
import { exportKeys } from '../../commands/administration.ts'
import { perform } from '../../commands/command.ts'
import { tellSheetConfirmed } from '../../commands/recovery.ts'
import { momentOf } from '../../kernel/moment.ts'
import { inFours } from '../../kernel/numbers.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { type Edits, type Sheet, type Work, workKinds } from '../../queries/operations.ts'
import { recoveryCoverage } from '../../queries/recovery/coverage.ts'
import { monthOf, recoveryEdit } from '../../queries/recovery/edits.ts'
import { recoveryGrowth } from '../../queries/recovery/growth.ts'
import { recoveryHistory } from '../../queries/recovery/history.ts'
import { recoveryOverview } from '../../queries/recovery/overview.ts'
import { recoveryProblems } from '../../queries/recovery/problems.ts'
import { recoverySegments } from '../../queries/recovery/segments.ts'
import { isOnSheet, recoverySheetState, sheetText } from '../../queries/recovery/sheet.ts'
import { recoveryWork, workNow } from '../../queries/recovery/work.ts'
import { found, placeIn } from '../addresses.ts'
import { sentBy, text } from '../forms.ts'
import { livePages } from '../live.ts'
import { pictureOf } from '../picture.ts'
import { adminOf } from '../session.ts'
import type { Site } from '../site.ts'
import { soon } from '../soon.ts'

const workPage = '/admin/recovery/work'

/** How text and cache stand, and what can be done about it. */
export function recoveryRoutes(app: FastifyInstance, site: Site) {
  const now = () => momentOf(site.source.now())

  app.get('/admin/recovery', (_request, reply) => {
    const { standing, work, may } = site.operations()
    const asked = { standing: standing(), work: work(), may, now: now() }
    return reply.show('recovery/overview', recoveryOverview(site.cache(), asked))
  })

  app.get('/admin/recovery/segments', (_request, reply) =>
    reply.show('recovery/segments', recoverySegments(site.operations().segments())),
  )

  app.get('/admin/recovery/coverage', (_request, reply) => {
    const { coverage, may } = site.operations()
    return reply.show('recovery/coverage', recoveryCoverage(coverage(), may))
  })

  app.get<{ Querystring: { before?: unknown } }>('/admin/recovery/history', (request, reply) =>
    reply.show('recovery/history', recoveryHistory(site.cache(), placeIn(request.query.before))),
  )

  app.get('/admin/recovery/growth', (_request, reply) =>
    reply.show('recovery/growth', recoveryGrowth(site.cache(), site.operations().segments())),
  )

  app.get('/admin/recovery/problems', (_request, reply) =>
    reply.show('recovery/problems', recoveryProblems(site.operations().standing())),
  )

  workRoutes(app, site)
  editRoutes(app, site)
  sheetRoutes(app, site)
}

/** Work that goes through the whole archive. */
function workRoutes(app: FastifyInstance, site: Site) {
  const live = livePages(app)

  app.get(workPage, (_request, reply) => reply.show('recovery/work', recoveryWork(site.operations().work())))

  app.post(workPage, (request, reply) => {
    const operations = site.operations()
    const kind = workKinds.find((one) => one === text(sentBy(request), 'kind'))
    if (!kind || !operations.may.includes(kind)) throw new Refusal('invalid', 'This server cannot do that.')
    if (operations.start(kind, adminOf(request))) return reply.redirect(workPage, 303)
    return reply.code(409).show('recovery/work', recoveryWork(operations.work(), kind))
  })

  app.post('/admin/recovery/work/end', (_request, reply) => {
    site.operations().end()
    return reply.redirect(workPage, 303)
  })

  app.get('/admin/recovery/progress', async (_request, reply) => {
    const { work, watch } = site.operations()
    const current = work()
    if (!current) return reply.code(204).send()
    const page = live(reply)
    const show = async (work: Work) => {
      const model = { work: workNow(work) }
      if (!work.outcome)
        return page.send('progress', await reply.showFragment('recovery/progress', model, workPage))
      page.send('over', await reply.showFragment('recovery/now', model, workPage))
      page.end()
    }
    page.onEnd(watch((work) => void show(work).catch((error) => app.log.error({ err: error }, 'live'))))
    await show(current)
    return reply
  })
}

/** What somebody changed in the text from outside, and the two ways out. */
function editRoutes(app: FastifyInstance, site: Site) {
  interface OfMonth {
    Params: { month: string }
  }

  const report = soon(() => editsOf(site).report())

  const editOf = async (month: string) => {
    const { files } = await editsOf(site).report()
    return found(files.find(({ file }) => monthOf(file) === month))
  }

  app.get('/admin/recovery/edits', async (_request, reply) => {
    if (!site.operations().edits) return reply.show('recovery/edits', { edits: null, isReading: false })
    const found = await report()
    const edits = found?.files.map(recoveryEdit) ?? []
    if (!found) reply.header('refresh', '5')
    return reply.show('recovery/edits', { edits, isReading: !found })
  })

  app.post('/admin/recovery/edits', async (request, reply) => {
    await editsOf(site).lookAgain(adminOf(request))
    return reply.redirect('/admin/recovery/edits', 303)
  })

  for (const way of ['restore', 'accept'] as const) {
    app.get<OfMonth>(`/admin/recovery/edits/:month/${way}`, async (request, reply) => {
      const edit = recoveryEdit(await editOf(request.params.month))
      return reply.show('recovery/edit-end', { edit, way })
    })

    app.post<OfMonth>(`/admin/recovery/edits/:month/${way}`, async (request, reply) => {
      const { file } = await editOf(request.params.month)
      await editsOf(site)[way](adminOf(request), file)
      return reply.redirect('/admin/recovery/edits', 303)
    })
  }
}

const editsOf = (site: Site): Edits => found(site.operations().edits ?? undefined)

/**
 * The keys on paper. They are shown in the answer to a form only, which no browser keeps or fetches ahead, and only while it
 * can be written down to whom.
 */
function sheetRoutes(app: FastifyInstance, site: Site) {
  const printPage = '/admin/recovery/sheet/print'
  const sheetPage = '/admin/recovery/sheet'

  app.get(sheetPage, (_request, reply) => showState(reply))

  app.post(sheetPage, async (request, reply) => {
    const sent = sentBy(request)
    const sheet = sheetOf(site)
    if (!isOnSheet(sheet, text(sent, 'places'), text(sent, 'characters')))
      return showState(reply.code(422), notOnPaper)
    await perform(site.record, tellSheetConfirmed, request.actor, { keys: sheet.digest })
    return reply.redirect(sheetPage, 303)
  })

  app.get(printPage, (_request, reply) => reply.redirect(sheetPage, 302))

  app.post(printPage, async (request, reply) => {
    const sheet = sheetOf(site)
    await perform(site.record, exportKeys, request.actor, {})
    return reply.show('recovery/print', {
      archive: sheet.archive,
      printedAt: momentOf(site.source.now()),
      keys: sheet.keys.map(({ name, hex }) => ({ name, groups: inFours(hex) })),
      picture: pictureOf(sheetText(sheet)),
    })
  })

  const showState = (reply: FastifyReply, mistake: string | null = null) =>
    reply.show(
      'recovery/sheet',
      recoverySheetState(site.cache(), site.operations().sheet(), site.source.bytes(8), mistake),
    )
}

const sheetOf = (site: Site): Sheet => found(site.operations().sheet() ?? undefined)

const notOnPaper = 'These are not the four characters. Look at the numbers of the groups, and type all four.'
