#!/bin/sh
# A Postfix of its own in folder $1, on ports $2 (clear), $3 (STARTTLS) and $4 (TLS), with the mechanisms $5. Needs root; SIGTERM ends it.
# What it takes lies in $1/mail/box/new. Account alice, password secret. server.pem and server.key are there already.
set -e
D=$1
BIN=$(command -v postconf >/dev/null && postconf -d -h daemon_directory)
chmod 755 "$D"
mkdir -p "$D/etc/sasl" "$D/data" "$D/mail" "$D/queue/pid"
for queue in active bounce defer deferred incoming private public trace; do mkdir -p "$D/queue/$queue"; chown postfix "$D/queue/$queue"; done
cat > "$D/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $D/queue
data_directory = $D/data
meta_directory = $D/etc
maillog_file = /dev/stdout
maillog_file_prefixes = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
message_size_limit = 52428800
virtual_mailbox_domains = static:all
virtual_mailbox_base = $D/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_mailbox_limit = 0
local_header_rewrite_clients =
message_drop_headers =
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_relay_restrictions = check_recipient_access inline:{{nosuch@=550 5.1.1 no such user}}, permit_mynetworks, reject
smtpd_tls_cert_file = $D/server.pem
smtpd_tls_key_file = $D/server.key
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = example.test
END
cat > "$D/etc/master.cf" <<END
127.0.0.1:$2 inet n - n - - smtpd
127.0.0.1:$3 inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:$4 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
error      unix - - n - - error
retry      unix - - n - - error
virtual    unix - n n - - virtual
anvil      unix - - n - 1 anvil
postlog    unix-dgram n - n - 1 postlogd
END
cat > "$D/etc/sasl/smtpd.conf" <<END
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $D/etc/sasl/sasldb2
mech_list: $5
END
echo secret | saslpasswd2 -p -c -f "$D/etc/sasl/sasldb2" -u example.test alice
chown postfix "$D/data" "$D/etc/sasl/sasldb2"
chown nobody "$D/mail"
# A main.cf of this very second is read again and again.
touch -d "1 minute ago" "$D/etc/main.cf"
exec "$BIN/master" -s -c "$D/etc"
