import type { Page } from 'playwright-core'
import { rootOf } from './root.ts'

/** Every place that the keys lead to on this page where one would not see that one is there. */
export async function unseenFocus(page: Page): Promise<string[]> {
  // Whoever has used a key sees where they are; a pointer asks for no ring.
  await page.keyboard.press('Tab')
  return (await rootOf(page)).evaluate((html) => {
    const document = html.ownerDocument
    const window = document.defaultView
    const ways = 'a[href], button, input, select, textarea, summary'
    const places = [...document.querySelectorAll(ways)].filter(
      (place) => place.getClientRects().length > 0 && place.tabIndex >= 0,
    )
    return places.flatMap((place) => {
      place.focus()
      const { outlineStyle, outlineWidth } = window.getComputedStyle(place)
      const { top, bottom, left, right } = place.getBoundingClientRect()
      // A link that goes on in the next line has a box in each. With some fonts the boxes of two lines that follow each other
      // overlap by a pixel or two, where neither has any ink: what counts begins a little further in.
      const cover = [...place.getClientRects()]
        .flatMap(({ left, right, top, bottom }) => {
          const middle = (left + right) / 2
          return [top + 4, bottom - 4].map((height) => document.elementFromPoint(middle, height))
        })
        .find((there) => !place.contains(there))
      // Of a place for many lines it is the line that counts where one writes.
      const isLong = place.matches('textarea')
      const isInside = isLong
        ? bottom >= 44 && top <= window.innerHeight - 44
        : top >= 0 && left >= 0 && right <= window.innerWidth && bottom <= window.innerHeight
      const wrong = [
        ...(document.activeElement === place ? [] : ['it does not take the focus']),
        ...(outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2 ? [] : ['it has no ring']),
        ...(isInside ? [] : ['it is not inside the window']),
        ...(!cover || isLong ? [] : [`${cover.outerHTML.slice(0, 60)} lies over it`]),
      ]
      return wrong.map((words) => `${words}: ${place.outerHTML.slice(0, 100)}`)
    })
  })
}
