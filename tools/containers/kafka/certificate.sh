#!/bin/bash
# Makes Kafka's key and certificate with the JDK's keytool, once: see compose.secure.yml. The certificate signs itself, so it is its own
# CA, and there is no CA's key that somebody could sign another one with.
set -euo pipefail

secrets=/etc/kafka/secrets
# The other folder that the image gives to Kafka's user: here, the volume of what everybody may see.
shown=/mnt/shared/config
validity_days=825

if [ -s "$secrets/kafka.p12" ] && [ -s "$shown/ca.pem" ]; then
  echo 'The certificate is there.'
  exit
fi

umask 077
rm -f "$secrets"/* "$shown"/*
od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$secrets/password"
store=(-keystore "$secrets/kafka.p12.new" -storetype PKCS12 -storepass:file "$secrets/password" -alias kafka)
keytool -genkeypair "${store[@]}" -keyalg EC -groupname secp256r1 -validity "$validity_days" \
  -dname CN=kafka -ext san=dns:kafka,dns:localhost,ip:127.0.0.1 -ext bc:c
keytool -exportcert "${store[@]}" -rfc -file "$shown/ca.pem.new"
chmod 644 "$shown/ca.pem.new"
# Moved when all is there: what was cut off is made anew.
mv "$secrets/kafka.p12.new" "$secrets/kafka.p12"
mv "$shown/ca.pem.new" "$shown/ca.pem"
echo "A certificate for $validity_days days."
