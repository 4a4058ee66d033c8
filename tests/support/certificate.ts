import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Paths of a private key and of its self-signed certificate for 127.0.0.1. */
export interface CertificateFiles {
  key: string;
  certificate: string;
}

export async function makeCertificate(folder: string): Promise<CertificateFiles> {
  const altNames = [{ type: 7, ip: '127.0.0.1' } as const];
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...{ keyType: 'ec', curve: 'P-256' },
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  writeFileSync(files.key, made.private);
  writeFileSync(files.certificate, made.cert);
  return files;
}
