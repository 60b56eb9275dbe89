/*
 * On the pages of the ways in. Everything but passkeys works without it.
 */

/** The picture of a paper key leads here with its words behind the #, which no browser sends anywhere. */
function readPaperKey() {
  const [, words] = /^#paper-key=([a-z-]+)$/.exec(location.hash) ?? []
  const field = document.getElementById('words')
  if (!words || !field) return
  field.value = words.replaceAll('-', ' ')
  history.replaceState(null, '', location.pathname)
  document.getElementById('with-paper-key').focus()
}

readPaperKey()
addEventListener('hashchange', readPaperKey)

/*
 * Passkeys. The form asks the site what the device has to do, has the device do it, and is sent with its answer as any
 * other form.
 */

for (const form of document.querySelectorAll('form[data-passkey]')) form.addEventListener('submit', ask)

async function ask(event) {
  event.preventDefault()
  const form = event.target
  if (form.classList.contains('is-sending')) return
  form.classList.add('is-sending')
  complain(form, '')
  try {
    await answer(form)
  } catch (error) {
    complain(
      form,
      sentences[error.name] ?? 'That did not work on this device. Try once more, or take another way.',
    )
  }
  form.classList.remove('is-sending')
}

async function answer(form) {
  if (!globalThis.PublicKeyCredential)
    return complain(form, 'This browser has no passkeys. Take another way, or another browser.')
  const asked = await fetch(form.dataset.options, { method: 'POST', headers: { accept: 'application/json' } })
  if (asked.status === 401) return location.assign(`/sign-in/again?next=${location.pathname}`)
  const options = await asked.json()
  if (!asked.ok) return complain(form, options.detail)
  const publicKey = read(options)
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey })
  form.elements.answer.value = JSON.stringify(written(credential))
  form.submit()
}

const sentences = {
  NotAllowedError: 'Nothing was chosen, or it took too long. Try once more when you are ready.',
  InvalidStateError: 'This device has a passkey of yours already. It lets you in.',
  SecurityError: 'Passkeys do not work at this address. Open the site at the address in your invitation.',
  TypeError: 'The site could not be reached. Try again when you are back.',
}

/** What the site sends as text, as bytes. */
function read(options) {
  const { user, excludeCredentials } = options
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(user && { user: { ...user, id: bytes(user.id) } }),
    ...(excludeCredentials && {
      excludeCredentials: excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
    }),
  }
}

/** What the device answers in bytes, as text. */
function written({ id, rawId, type, response }) {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
  const given = parts.filter((part) => response[part]).map((part) => [part, text(response[part])])
  return { id, rawId: text(rawId), type, response: Object.fromEntries(given) }
}

function bytes(base64url) {
  const letters = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Says by the button why nothing happened. */
function complain(form, sentence) {
  form.querySelector('[role="alert"]')?.remove()
  if (sentence === '') return
  const words = document.createElement('p')
  words.className = 'mistake'
  words.setAttribute('role', 'alert')
  words.textContent = sentence
  form.append(words)
}
