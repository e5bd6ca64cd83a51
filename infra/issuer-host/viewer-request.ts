/**
 * What CloudFront does with a request before its cache: it puts the host that was asked for before the path.
 *
 * So the key of the cache, the key of a static copy and the path that the function reads are one name, and no header of the
 * request chooses a document. The code is text, since it runs in CloudFront (cloudfront-js-2.0) and imports nothing.
 */

/**
 * A path with a dot segment names nothing here, whether its dots and slashes are encoded, or those encodings are: whoever
 * resolves it later would leave the host that stands before it. It is answered as `http` answers what it does not have.
 */
export const VIEWER_REQUEST_CODE = `function handler(event) {
  var request = event.request;
  var path = request.uri.replace(/%(25)*2e/gi, '.').replace(/%(25)*2f/gi, '/');
  if (/(^|\\/)\\.\\.?(\\/|$)/.test(path)) return notFound();
  var host = request.headers.host.value.toLowerCase().replace(/:[0-9]*$/, '');
  request.uri = '/' + host + request.uri;
  return request;
}

function notFound() {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: {
      'access-control-allow-origin': { value: '*' },
      'cache-control': { value: 'no-store' },
      'content-type': { value: 'application/json' },
      'x-content-type-options': { value: 'nosniff' },
    },
    body: {
      encoding: 'text',
      data: '{"error":"not_found","error_description":"there is no such document"}',
    },
  };
}
`
