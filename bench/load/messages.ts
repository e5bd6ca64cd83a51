/**
 * What the bench and its load process say to each other.
 */

/** A path to ask for, and the answer that it must have. */
export interface AskedPath {
  readonly path: string
  /** Hex SHA-256 of the body. */
  readonly bodySha256: string
  readonly bodyBytes: number
}

/** A POST to send, whose answers differ from one time to the next. */
export interface AskedPost {
  readonly path: string
  readonly contentType: string
  /** ASCII. */
  readonly body: string
  /** What the body of the answer must match all of: the source of a regular expression. */
  readonly answer: string
}

export type Asked = AskedPath | AskedPost

export type LoadCommand =
  /** One request, its answer as it is. */
  | { readonly type: 'capture'; readonly port: number; readonly asked: string | AskedPost }
  /** Makes a list known under a name. */
  | { readonly type: 'learn'; readonly list: string; readonly asked: readonly Asked[] }
  /** All of a list `passes` times, every answer checked wholly, then on until `leastMs` are over. */
  | (OnServer & { readonly type: 'warm'; readonly passes: number; readonly leastMs: number })
  /** As fast as the server answers. */
  | (OnServer & { readonly type: 'saturate'; readonly ms: number })
  /** At a fixed rate, whether the server keeps up or not. */
  | (OnServer & { readonly type: 'pace'; readonly ms: number; readonly perSecond: number })

interface OnServer {
  readonly list: string
  readonly port: number
  /** Of the process whose CPU time is counted. */
  readonly pid: number
}

export interface Captured {
  readonly head: string
  readonly body: string
}

export interface Run {
  readonly requests: number
  readonly seconds: number
  /** CPU time of the server process, all of its threads. */
  readonly cpuSeconds: number
  /** 99th percentile of the time from when a request was due to its answer; of paced runs alone. */
  readonly p99Ms?: number
}

export type LoadAnswer =
  | { readonly ok: true; readonly captured?: Captured; readonly run?: Run }
  | { readonly ok: false; readonly problem: string }
