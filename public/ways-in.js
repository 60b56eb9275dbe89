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
