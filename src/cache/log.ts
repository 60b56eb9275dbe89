import { close, fdatasync, open } from 'node:fs'

/** Some hundred kilobytes of log when each is one command, a few megabytes when 64 share one. */
const commits = 16

/**
 * Call it after each commit. SQLite copies the log into the cache when it has grown enough, and first waits until all of
 * the log is on the disk: 60 to 100 ms in which this process does nothing else. So the log is sent to the disk while it
 * grows, in the background, and little is left to wait for.
 *
 * Nothing rests on it. SQLite syncs all the same and is told of a disk that fails, since the system tells every file
 * that is open; so nobody is told here. The log is opened anew each time, as a switch to another cache must not leave the
 * old one open. SQLite holds no lock on this file, which closing it would let go of.
 */
export function sendLogAhead(cache: string): () => void {
  let waiting = 0
  let isUnderWay = false
  const end = () => {
    isUnderWay = false
  }
  return () => {
    waiting++
    if (waiting < commits || isUnderWay) return
    waiting = 0
    isUnderWay = true
    open(`${cache}-wal`, 'r', (error, file) => {
      if (error) end()
      else fdatasync(file, () => close(file, end))
    })
  }
}
