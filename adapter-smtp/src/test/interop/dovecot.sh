#!/bin/sh
# A Dovecot submission server of its own in folder $1, on ports $3 (STARTTLS) and $4 (TLS), that hands on to port $5. Needs root; SIGTERM
# ends it. Account alice, password secret.
set -e
D=$1
chmod 755 "$D"
mkdir -p "$D/run" "$D/state" "$D/home"
echo "alice:{PLAIN}secret" > "$D/users"
chmod 644 "$D/users"
chown nobody "$D/home"
cat > "$D/dovecot.conf" <<END
base_dir = $D/run
state_dir = $D/state
log_path = /dev/stdout
protocols = submission
listen = 127.0.0.1
hostname = localhost
ssl = required
ssl_cert = <$D/server.pem
ssl_key = <$D/server.key
ssl_dh =
auth_mechanisms = plain login
auth_failure_delay = 0
submission_backend_capabilities = 8BITMIME DSN
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:$D/home/mail
submission_relay_host = 127.0.0.1
submission_relay_port = $5
submission_relay_ssl = no
submission_max_mail_size = 50M
submission_max_recipients = 0
passdb {
  driver = passwd-file
  args = username_format=%u $D/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$D/home
}
service submission-login {
  chroot =
  inet_listener submission {
    port = $3
  }
  inet_listener submissions {
    port = $4
    ssl = yes
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
END
exec dovecot -F -c "$D/dovecot.conf"
