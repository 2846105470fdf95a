#!/bin/bash
# Starts the image's Kafka with its certificate and its users: see compose.secure.yml. Every variable <USER>_KAFKA_PASSWORD is a user.
# They are made together with Kafka's storage, so that they are there from its first moment.
set -euo pipefail

users=$(compgen -e | grep '_KAFKA_PASSWORD$')

if [ ! -e "$KAFKA_LOG_DIRS/meta.properties" ]; then
  made=$(mktemp -d)
  cat >"$made/storage.properties" <<PROPERTIES
process.roles=$KAFKA_PROCESS_ROLES
node.id=$KAFKA_NODE_ID
controller.quorum.voters=$KAFKA_CONTROLLER_QUORUM_VOTERS
controller.listener.names=$KAFKA_CONTROLLER_LISTENER_NAMES
listeners=$KAFKA_LISTENERS
advertised.listeners=$KAFKA_ADVERTISED_LISTENERS
inter.broker.listener.name=$KAFKA_INTER_BROKER_LISTENER_NAME
listener.security.protocol.map=$KAFKA_LISTENER_SECURITY_PROTOCOL_MAP
log.dirs=$KAFKA_LOG_DIRS
PROPERTIES
  # As a file: arguments can be seen in the list of processes.
  {
    echo "--cluster-id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')"
    echo "--config=$made/storage.properties"
    for user in $users; do
      name=${user%_KAFKA_PASSWORD}
      name=${name//_/-}
      printf '%s\n' --add-scram "SCRAM-SHA-512=[name=${name,,},password=${!user:?}]"
    done
  } >"$made/arguments"
  /opt/kafka/bin/kafka-storage.sh format "@$made/arguments"
  rm -r "$made"
fi

# The image formats, too, and leaves what has its own cluster's id as it is.
CLUSTER_ID=$(sed -n 's/^cluster\.id=//p' "$KAFKA_LOG_DIRS/meta.properties")
export CLUSTER_ID

# Kafka knows them as salted hashes; nothing else in here needs them.
# shellcheck disable=SC2086
unset $users
KAFKA_SSL_KEYSTORE_PASSWORD=$(</etc/kafka/secrets/password)
export KAFKA_SSL_KEYSTORE_PASSWORD
exec /etc/kafka/docker/run
