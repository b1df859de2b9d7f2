import { expect, test } from 'vitest'
import { leftFiles } from './left-files.ts'

test('what is left is told by name, kept connections apart from the rest', () => {
  const before = { 'udp socket': 1, 'tcp to port 8001': 2, 'unix socket': 7, pipe: 4, '/data/call.wav': 1 }
  const after = { 'udp socket': 3, 'tcp to port 8001': 5, 'unix socket': 9, pipe: 3, 'tcp to port 9': 1 }
  expect(leftFiles(before, after, { 8001: 'the model' })).toEqual({
    udpSockets: 2,
    connections: 5,
    others: 1,
    names: [
      '+2 udp socket',
      '+3 connections to the model',
      '+2 connections to the database',
      '-1 pipe',
      '-1 /data/call.wav',
      '+1 tcp to port 9',
    ],
  })
})
