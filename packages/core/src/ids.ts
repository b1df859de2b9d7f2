declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** One phone call; the public API calls it `SessionId`. A UUID. */
export type CallId = Brand<string, 'CallId'>
/** Our connection with one party of a call. Chosen by whoever opens the leg. */
export type LegId = Brand<string, 'LegId'>
/** The tenant; the public API's `SdkAppId`. */
export type ApplicationId = Brand<number, 'ApplicationId'>
/**
 * Number of a turn within a call, counted from 1. Turn 0 is the greeting.
 * A turn keeps its number while the caller goes on before the reply is audible.
 */
export type TurnId = Brand<number, 'TurnId'>
/**
 * One attempt to produce assistant speech. Unique and rising within a call. Audio, text and tool calls of any
 * generation but the live one are dropped at the last possible point.
 */
export type Generation = Brand<number, 'Generation'>

export const callId = (value: string): CallId => value as CallId
export const legId = (value: string): LegId => value as LegId
export const applicationId = (value: number): ApplicationId => value as ApplicationId
export const turnId = (value: number): TurnId => value as TurnId
export const generation = (value: number): Generation => value as Generation
