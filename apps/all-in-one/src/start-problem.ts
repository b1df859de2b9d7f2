/** The sentence for an operator whose start failed, when the cause is one that operators meet; else undefined. */
export function startProblem(error: unknown): string | undefined {
  const { code, port, syscall, message } = error as { code?: string; port?: number; syscall?: string; message?: string }
  if (code === 'EADDRINUSE') {
    return `port ${port ?? ''} is in use by another program; choose another by PARLEY_HTTP_PORT, PARLEY_SIP_PORT or PARLEY_RTP_PORTS`
  }
  if (code === 'EACCES' && syscall === 'bind')
    return `no permission to listen on port ${port ?? ''}; ports below 1024 need root`
  if (code === 'EADDRNOTAVAIL') return 'PARLEY_BIND_HOST is not an address of this machine'
  if (code === 'EACCES' || code === 'EROFS')
    return `the data directory cannot be written (${message}); set PARLEY_DATA_DIR`
  if (code === 'ECONNREFUSED' || code === '28P01' || code === '3D000')
    return `the database does not take us in (${message}); check DATABASE_URL`
  return undefined
}
