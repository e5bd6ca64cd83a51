/**
 * What is left of an exchange without the exchange: a request whose body is read, and an answer that is always the same.
 */

/** As long as that with a token. */
const BODY_CHARACTERS = 1050
const BODY = JSON.stringify({ access_token: 'a'.repeat(BODY_CHARACTERS) })
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
}

export async function answerBarely(request: Request): Promise<Response> {
  await request.arrayBuffer()
  return new Response(BODY, { headers: HEADERS })
}
