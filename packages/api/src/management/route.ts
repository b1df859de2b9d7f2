import type { ExpectedVersion, Role } from '@parley/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Access } from './access.ts'

/** What a handler gets: the request as its schemas describe it, and who asks. */
export interface RouteCall<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly access: Access
  /** By `If-Match`; `*` unless the route has `ifMatch`. */
  readonly version: ExpectedVersion
  readonly request: FastifyRequest
}

/** What a handler answers. Refusals are thrown as `Problem`. */
export type RouteAnswer =
  /** `version`: becomes the ETag. `location`: of what was made. */
  | { readonly kind: 'json'; readonly value: unknown; readonly version?: number; readonly location?: string }
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  | { readonly kind: 'empty' }
  /** The handler's own: it takes the connection over. */
  | { readonly kind: 'stream'; readonly open: (reply: FastifyReply) => void }

/** The answer of a route that succeeds. Absent `schema`: no body, or another type than JSON. */
interface AnswerForm {
  readonly status: 200 | 201 | 202 | 204
  readonly schema?: z.ZodType
  /** Further types that it can be had in. */
  readonly types?: readonly string[]
}

type Shape = z.ZodObject | undefined
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** A route of `/v1` as data: its Fastify route, its checks and its part of the OpenAPI document all come from here. */
export interface RouteForm<Params extends Shape, Query extends Shape, Body extends z.ZodType | undefined> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As OpenAPI writes it: `/v1/calls/{id}`. */
  readonly path: string
  /** Group in the document. */
  readonly tag: string
  /** One line. */
  readonly summary: string
  /** Least role. `anyone`: without credentials. */
  readonly role: Role | 'anyone'
  /** Only for credentials of the installation. Default: keys of applications too. */
  readonly isInstallation?: true
  /** A value that does not fit names a thing that is not there: 404. */
  readonly params?: Params
  readonly query?: Query
  /** Absent: a body is not looked at. An empty body counts as `{}`. */
  readonly body?: Body
  readonly answer: AnswerForm
  /** Statuses of its own besides those that every route has. */
  readonly refusals?: Readonly<Record<number, string>>
  /** Title of the 404. Default: `no such thing`. */
  readonly missing?: string
  /** The request must say in `If-Match` which version it changes. */
  readonly ifMatch?: true
  readonly handle: (call: RouteCall<Output<Params>, Output<Query>, Output<Body>>) => Promise<RouteAnswer>
}

/** A route whatever its schemas are. */
export type Route = Omit<RouteForm<Shape, Shape, z.ZodType | undefined>, 'handle'> & {
  readonly handle: (call: RouteCall<never, never, never>) => Promise<RouteAnswer>
}

/** Gives `handle` the types of the schemas. */
export const route = <
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  form: RouteForm<Params, Query, Body>,
): Route => form

export const json = (value: unknown, more: { version?: number; location?: string } = {}): RouteAnswer => ({
  kind: 'json',
  value,
  ...more,
})
export const text = (type: string, body: string): RouteAnswer => ({ kind: 'text', type, text: body })
export const empty: RouteAnswer = { kind: 'empty' }
