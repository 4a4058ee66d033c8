import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of a key and of a certificate for 127.0.0.1 that it signed itself; good for a day. */
export interface CertificateFiles {
  key: string;
  certificate: string;
}

/** @returns nothing where there is no OpenSSL that can do it */
export function makeCertificate(folder: string): CertificateFiles | undefined {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const asked = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...[
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
  ];
  const { status } = spawnSync('openssl', asked, { stdio: 'ignore' });
  return status === 0 ? { key, certificate } : undefined;
}
