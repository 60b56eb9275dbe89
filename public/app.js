/*
 * Everything works without this file. With it, "I prayed" and its undo change the card in place, times stay right, the
 * place of a mistake has the focus, work under way shows how far it is, and links are shared and copied, and what is
 * written is kept.
 */

const policy = globalThis.trustedTypes?.createPolicy('thywill', { createHTML: (html) => html })
const announcement = document.getElementById('announcement')

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.matches('form[data-enhance]')) return
  event.preventDefault()
  if (!form.classList.contains('is-sending')) send(form)
})

/** Posts the form and shows the answer in its place. Whatever else happens, the form is sent as it would be without script. */
async function send(form) {
  form.classList.add('is-sending')
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
    headers: { accept: 'text/html; fragment' },
  }).catch(() => undefined)
  form.classList.remove('is-sending')

  if (!answer)
    return complain(form, 'That did not save. You seem to be offline: try again when you are back.')
  if (!answer.ok || answer.redirected) return form.submit()
  const place = form.closest('[id]').id
  replace(await answer.text())
  say(form.dataset.enhance)
  document.getElementById(place)?.querySelector('.actions button')?.focus()
}

/** Puts each part of the answer where the part with its id stands on this page. */
function replace(html) {
  const parts = document.createElement('template')
  parts.innerHTML = policy ? policy.createHTML(html) : html
  for (const part of [...parts.content.children]) {
    part.classList.add('is-new')
    document.getElementById(part.id)?.replaceWith(part)
  }
  refreshTimes()
}

/** Says beside the form why nothing happened. */
function complain(form, sentence) {
  form.querySelector('.mistake')?.remove()
  const words = document.createElement('p')
  words.className = 'mistake'
  words.textContent = sentence
  form.append(words)
  say(sentence)
}

/** Says it to a screen reader, also when it is the same as before. */
function say(sentence) {
  announcement.textContent = ''
  setTimeout(() => {
    announcement.textContent = sentence
  }, 50)
}

/** How far this device's clock is from the site's. */
const drift = Date.now() - Date.parse(document.documentElement.dataset.now)

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** Work under way: how far it is, until the server says that it is over. Whoever has no way to hear asks again. */
function follow(part) {
  const source = new EventSource(part.dataset.live)
  source.addEventListener('progress', ({ data }) => replace(data))
  source.addEventListener('over', ({ data }) => {
    source.close()
    const isHere = document.getElementById('work').contains(document.activeElement)
    replace(data)
    const heading = document.getElementById('work-heading')
    if (isHere) heading.focus()
    say(heading.textContent)
  })
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000)
  })
}

/** Where the reader is. The server is told once, and from then on writes times as they are there. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
if (zone && zone !== document.documentElement.dataset.zone) {
  const secure = location.protocol === 'https:' ? '; secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: older browsers know no other way.
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`
}

/** Each time as the reader's clock says it: how long ago, or the day, and in full for whoever looks or listens closely. */
function refreshTimes() {
  for (const time of document.querySelectorAll('time[data-as]')) {
    const moment = new Date(time.dateTime)
    const exact = `${dayOf(moment, true)}, ${moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
    if (time.dataset.as === 'full') {
      change(time.firstChild, exact)
      continue
    }
    time.title = exact
    change(time.querySelector('.unseen').firstChild, `, ${exact}`)
    const isAgo = time.dataset.as === 'ago'
    const recent = isAgo ? ago((Date.now() - drift - moment.getTime()) / 1000) : undefined
    change(time.firstChild, recent ?? dayOf(moment, !isAgo))
  }
}

/** A part that says the same already stays untouched: whoever listens is not told again. */
function change(part, words) {
  if (part.data !== words) part.data = words
}

/** "22 November 2026"; this year the year may be left out. */
function dayOf(moment, withYear) {
  const isThisYear = moment.getFullYear() === new Date(Date.now() - drift).getFullYear()
  const year = withYear || !isThisYear ? { year: 'numeric' } : {}
  return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year })
}

/** As the server says it; undefined for what is to come, and for a week and more. */
function ago(seconds) {
  if (seconds < -60) return undefined
  if (seconds < 60) return 'just now'
  if (seconds >= 7 * 86_400) return undefined
  const [unit, length] = units.find(([, length]) => seconds >= length)
  const count = Math.floor(seconds / length)
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}

/** A link to pass on: by what the device shares with, where it has that, and by copying. */
function pass(part) {
  const url = part.dataset.pass
  const share = part.querySelector('[data-share]')
  const copy = part.querySelector('[data-copy]')
  if (share && navigator.share) {
    share.hidden = false
    // Whoever closes the sheet again has not met an error.
    share.addEventListener('click', () => navigator.share({ url }).catch(() => undefined))
  }
  if (copy && navigator.clipboard) {
    copy.hidden = false
    copy.addEventListener('click', () =>
      navigator.clipboard.writeText(url).then(
        () => say('Copied.'),
        () => part.querySelector('input').select(),
      ),
    )
  }
}

/** What is written is kept every ten seconds, as a draft that nobody else can open; help comes beside it when it is needed. */
function keepDraft(form) {
  const written = () => new URLSearchParams(new FormData(form)).toString()
  let kept = written()
  setInterval(async () => {
    const now = written()
    if (now === kept || form.elements.request.value.trim() === '') return
    const body = new URLSearchParams(now)
    const headers = { accept: 'text/html; fragment' }
    const answer = await fetch(form.dataset.draft, { method: 'POST', body, headers }).catch(() => undefined)
    if (!answer?.ok) return
    kept = now
    if (!document.querySelector('#beside > *')) replace(await answer.text())
  }, 10_000)
}

/** Prayer time by keys, unless something on the page has the focus and wants them itself. */
function listen(part) {
  part.querySelector('[data-key-hint]').hidden = false
  document.addEventListener('keydown', (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat
    if (!isPlain || event.target.closest('a, button, input, textarea')) return
    const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key
    const way = part.querySelector(`[data-key~="${CSS.escape(key)}"]`)
    if (!way) return
    event.preventDefault()
    way.click()
  })
}

document.querySelector('[data-focus]')?.focus()
for (const form of document.querySelectorAll('[data-draft]')) keepDraft(form)
for (const part of document.querySelectorAll('[data-keys]')) listen(part)
for (const part of document.querySelectorAll('[data-pass]')) pass(part)
for (const part of document.querySelectorAll('[data-live]')) follow(part)
refreshTimes()
setInterval(refreshTimes, 60_000)
