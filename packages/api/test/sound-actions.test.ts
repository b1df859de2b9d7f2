import { VoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, someCallId } from './api-house.ts'
import { fakeSounds } from './fake-sounds.ts'
import { call } from './signed-inject.ts'

function house() {
  const sounds = fakeSounds()
  const made = apiHouse({ sounds })
  made.records.calls.push(finishedCall({ state: 'answered' }))
  const act = (action: string, parameters: object) => call(made.api, action, { SdkAppId: appId, ...parameters })
  return { ...made, sounds, act }
}
const upload = (...urls: string[]) => ({
  AudioList: urls.map((AudioUrl, index) => ({ CustomFileName: `file ${index}`, AudioUrl })),
})

test('files are fetched and stored; those that cannot be are told with the reason', async () => {
  const { act, sounds } = house()
  const answer = await act(
    'UploadIvrAudio',
    upload(
      'https://a.test/x/hello%20you.mp3?v=1',
      'https://a.test/bad.wav',
      'http://inside/x.wav',
      'file:///etc/passwd',
    ),
  )
  expect(answer.SuccessFileList).toEqual([
    { FileId: 2, CustomFileName: 'file 0', AudioFileName: 'hello you.mp3', Status: 1 },
  ])
  expect(answer.FailedFileList).toEqual([
    { FileName: 'file 1', FailedMsg: expect.stringContaining('it is noise') },
    { FileName: 'file 2', FailedMsg: 'the file cannot be fetched: private address' },
    { FileName: 'file 3', FailedMsg: 'AudioUrl must be an http or https address' },
  ])
  expect(sounds.stored[0]?.applicationId).toBe(appId)
})

test('more files than a day may have are refused one by one', async () => {
  const { act } = house()
  const answer = await act('UploadIvrAudio', upload(...Array<string>(4).fill('https://a.test/a.mp3')))
  expect(answer.SuccessFileList).toHaveLength(3)
  expect(answer.FailedFileList).toEqual([{ FileName: 'file 3', FailedMsg: 'more than 50 files in a day' }])
})

test('files are listed page by page and found by their names', async () => {
  const { act } = house()
  await act('UploadIvrAudio', upload('https://a.test/a.mp3', 'https://a.test/b.mp3'))
  const page = await act('DescribeIvrAudioList', { PageSize: 1, PageNumber: 0 })
  expect([page.TotalCount, page.FileInfo]).toEqual([
    2,
    [expect.objectContaining({ FileId: 3, AudioFileName: 'b.mp3' })],
  ])
  const found = await act('DescribeIvrAudioList', { PageSize: 50, PageNumber: 0, CustomFileName: ['file 0'] })
  expect(found.FileInfo).toEqual([expect.objectContaining({ FileId: 2 })])
})

test('a file is played in place of the assistant, as often as is asked, and may be interrupted', async () => {
  const { act, control } = house()
  expect((await act('PlaySoundCall', { SessionId: someCallId, FileId: 1, PlayTimes: 2 })).Error).toBeUndefined()
  expect(control.said).toEqual([
    {
      callId: someCallId,
      request: {
        text: '',
        audio: Int16Array.of(1, 2, 3, 1, 2, 3),
        interrupt: true,
        endCallAfter: false,
        whenBusy: 'queue',
        interruptible: true,
        remember: false,
      },
    },
  ])
  control.failure = new VoiceError('CALL_NOT_CONTROLLABLE')
  const refused = await act('PlaySoundCall', { SessionId: someCallId, FileId: 1 })
  expect(refused.Error?.Code).toBe('FailedOperation.SessionNotInControlState')
})

test('pushed audio is played instead of the text, with the other members as for text', async () => {
  const { act, control, sounds } = house()
  const push = { Audio: Buffer.from('sound').toString('base64'), Text: 'ignored', Priority: 1, StopAfterPlay: true }
  await act('ControlAIConversation', { SessionId: someCallId, Command: 'ServerPushText', ServerPushText: push })
  expect(sounds.decoded).toEqual([{ text: 'sound', rawRateHz: 16_000 }])
  expect(control.said[0]?.request).toMatchObject({ text: '', interruptible: false, endCallAfter: true })
  expect(control.said[0]?.request.audio).toHaveLength(5)
  const bad = { Audio: Buffer.from('bad').toString('base64') }
  const answer = await act('ControlAIConversation', {
    SessionId: someCallId,
    Command: 'ServerPushText',
    ServerPushText: bad,
  })
  expect(answer.Error).toMatchObject({ Code: 'InvalidParameterValue', Message: expect.stringContaining('Audio') })
})
