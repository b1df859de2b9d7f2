import { type ModelSpec, VoiceError } from '@parley/core'

/** Where a chat request goes and how it shows its credential. */
export interface ChatEndpoint {
  readonly url: URL
  readonly authorization: { readonly header: 'authorization' | 'api-key'; readonly prefix: string }
}

const azureDefaultVersion = '2024-10-21'

/**
 * Completes the base address by the rules of the protocol. An address that already names the method stays as it is, and
 * so does its query.
 *
 * @throws VoiceError LLM_REJECTED when the address cannot be used; it is not repeated in the message, since it may hold
 * a credential.
 */
export function chatEndpoint(spec: ModelSpec): ChatEndpoint {
  const url = parseAddress(spec.baseUrl)
  const bearer = { header: 'authorization', prefix: 'Bearer ' } as const
  switch (spec.protocol) {
    case 'openai':
      return { url: withMethod(url, '/chat/completions'), authorization: bearer }
    case 'minimax':
      return { url: withMethod(url, '/text/chatcompletion_v2'), authorization: bearer }
    case 'dify':
      return { url: withMethod(url, '/chat-messages'), authorization: bearer }
    case 'azure':
      return { url: azureAddress(url, spec.model), authorization: { header: 'api-key', prefix: '' } }
    default:
      throw new VoiceError('LLM_REJECTED', { detail: `protocol ${spec.protocol satisfies never} is not supported` })
  }
}

function parseAddress(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new VoiceError('LLM_REJECTED', { detail: 'the base address is not an http or https address' })
  }
  return url
}

function withMethod(base: URL, method: string): URL {
  const url = new URL(base)
  const path = url.pathname.replace(/\/+$/, '')
  const complete = ['/chat/completions', '/text/chatcompletion_v2', '/chat-messages'].some((end) => path.endsWith(end))
  url.pathname = complete ? path : `${path}${method}`
  return url
}

function azureAddress(base: URL, model: string | undefined): URL {
  if (/\/chat\/completions\/*$|\/openai\/v1\/*$/.test(base.pathname)) return withMethod(base, '/chat/completions')
  if (!model) throw new VoiceError('LLM_REJECTED', { detail: 'azure needs the name of the deployment as model' })
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/openai/deployments/${encodeURIComponent(model)}/chat/completions`
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', azureDefaultVersion)
  return url
}
