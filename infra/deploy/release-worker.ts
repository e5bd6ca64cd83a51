/**
 * `wrangler.toml` as a release has it: beside the bundle, which nobody has to build any more.
 */

const MAIN = 'main = "dist/worker/index.js"'
const BUILD = /^\[build\]\ncommand = .*\n\n/m

/** Throws where the file is not as this code knows it. */
export function releasedWranglerToml(toml: string): string {
  if (!toml.includes(MAIN) || !BUILD.test(toml)) {
    throw new TypeError('wrangler.toml has another main or another build than a release knows')
  }
  return toml.replace(MAIN, 'main = "index.js"').replace(BUILD, '')
}
