/**
 * The name under which every server is asked. Never looked up: `.internal` is nobody's.
 */

export const HOST_NAME = 'oidc.bench.internal'
