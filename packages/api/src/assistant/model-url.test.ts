import { expect, test } from 'vitest'
import { ApiError } from '../answer/api-error.ts'
import { assertModelUrl } from './model-url.ts'

const isRefused = (url: string, allowPrivate: boolean) => {
  try {
    assertModelUrl('APIUrl', url, allowPrivate)
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError)
    return true
  }
}

test.each(['', 'api.example.com/v1', 'ftp://example.com', 'file:///etc/passwd', 'http://', 'http://u:p@example.com/'])(
  '%j is no address for a model',
  (url) => {
    expect(isRefused(url, true)).toBe(true)
  },
)

test.each([
  'http://127.0.0.1:8080/v1',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://localhost/v1',
  'http://LOCALHOST./v1',
  'http://a.localhost/v1',
  'http://10.1.2.3/',
  'http://172.31.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://0.0.0.0/',
  'http://[::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://metadata.google.internal/',
  'http://database/',
])('%s is private: refused unless allowed', (url) => {
  expect(isRefused(url, false)).toBe(true)
  expect(isRefused(url, true)).toBe(false)
})

test.each([
  'https://api.openai.com/v1/',
  'https://x.openai.azure.com?api-version=1',
  'http://8.8.8.8/',
  'http://[2001:4860::1]/',
])('%s is public', (url) => {
  expect(isRefused(url, false)).toBe(false)
})
