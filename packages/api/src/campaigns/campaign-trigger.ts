import type { CallbackAuth, CallTag, CampaignTrigger } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import { assertModelUrl } from '../assistant/model-url.ts'
import type { TriggerItem } from './auto-callout-task-parameters.ts'

type Callback = TriggerItem['InterfaceConfig']
type Param = NonNullable<Callback['Params']>[number]

/**
 * What `TriggerStrategy` asks for.
 *
 * @throws ApiError InvalidParameterValue
 */
export function campaignTriggers(items: readonly TriggerItem[], allowPrivateUrls: boolean): readonly CampaignTrigger[] {
  return items.map(({ InterfaceConfig, HangupTypes = [], CallTags = [], TriggerMode = 'ALWAYS_ON_MATCH' }, index) => {
    const path = `TriggerStrategy.${index}.InterfaceConfig`
    assertModelUrl(`${path}.Url`, InterfaceConfig.Url, allowPrivateUrls)
    return {
      statuses: HangupTypes.map(Number),
      tags: callTags(CallTags),
      oncePerNumber: TriggerMode === 'ONCE_PER_NUMBER',
      url: InterfaceConfig.Url,
      headers: headersOf(path, InterfaceConfig),
      params: Object.fromEntries(
        (InterfaceConfig.Params ?? []).map((param, at) => [param.Key, paramValue(param, `${path}.Params.${at}`)]),
      ),
      returns: InterfaceConfig.Async ? [] : (InterfaceConfig.Returns ?? []).map(({ Key }) => Key),
      auth: authOf(path, InterfaceConfig, allowPrivateUrls),
    }
  })
}

export const callTags = (
  tags: readonly { readonly TagName: string; readonly TagValue: string }[] = [],
): readonly CallTag[] => tags.map(({ TagName, TagValue }) => ({ name: TagName, value: TagValue }))

/** Letters of a header name; those that belong to the connection are ours. */
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const ownHeaders = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'te'])
const isHeader = (name: string, value: string) =>
  headerName.test(name) && !ownHeaders.has(name.toLowerCase()) && /^[\x20-\x7e]{0,8192}$/.test(value)

function headersOf(path: string, { HeaderParams = [] }: Callback): Readonly<Record<string, string>> {
  for (const [index, { Key, Value }] of HeaderParams.entries())
    assertHeader(`${path}.HeaderParams.${index}`, Key, Value)
  return Object.fromEntries(HeaderParams.map(({ Key, Value }) => [Key, Value]))
}

function assertHeader(path: string, name: string, value: string): void {
  if (isHeader(name, value)) return
  throw invalidValue(path, { en: 'is no header that can be sent', zh: '不是可发送的请求头' })
}

/** A value in the type that `ValueType` names; text when it names none. */
function paramValue({ Value, ValueType = 'string' }: Param, path: string): unknown {
  const type = ValueType.toLowerCase()
  if (type === 'string' || type === 'text' || type === '') return Value
  const read = parsed(Value)
  const isFit = ['number', 'int', 'integer', 'float', 'double'].includes(type)
    ? typeof read === 'number'
    : ['bool', 'boolean'].includes(type)
      ? typeof read === 'boolean'
      : ['object', 'array', 'json'].includes(type) && read !== undefined
  if (!isFit) {
    throw invalidValue(path, { en: 'has a value that is not of its ValueType', zh: '取值与 ValueType 不符' })
  }
  return read
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function authOf(path: string, callback: Callback, allowPrivateUrls: boolean): CallbackAuth {
  const { AuthType = 0, BasicAuth, BearerAuth, CustomAuth, Oauth2Auth } = callback
  if (AuthType === 0) return { kind: 'none' }
  if (BasicAuth) return token(path, 'basic', BasicAuth.BasicToken)
  if (BearerAuth) return token(path, 'bearer', BearerAuth.BearerToken)
  if (CustomAuth) {
    assertHeader(`${path}.CustomAuth`, CustomAuth.Key, CustomAuth.Value)
    return { kind: 'header', name: CustomAuth.Key, value: CustomAuth.Value }
  }
  if (Oauth2Auth) {
    assertModelUrl(`${path}.Oauth2Auth.TokenURL`, Oauth2Auth.TokenURL, allowPrivateUrls)
    const { TokenURL: tokenUrl, ClientId: clientId, ClientSecret: clientSecret } = Oauth2Auth
    return { kind: 'oauth2', tokenUrl, clientId, clientSecret }
  }
  throw invalidValue(`${path}.AuthType`, {
    en: 'is 1, but none of BasicAuth, BearerAuth, CustomAuth and Oauth2Auth is given',
    zh: '为 1，但未提供 BasicAuth、BearerAuth、CustomAuth 或 Oauth2Auth',
  })
}

function token(path: string, kind: 'basic' | 'bearer', text: string): CallbackAuth {
  assertHeader(`${path}.${kind === 'basic' ? 'BasicAuth' : 'BearerAuth'}`, 'authorization', text)
  return { kind, token: text }
}
