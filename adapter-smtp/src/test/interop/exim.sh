#!/bin/sh
# An Exim of its own in folder $1, on ports $2 (clear), $3 (STARTTLS) and $4 (TLS), run as nobody; SIGTERM ends it. $EXIM names the
# program, and $EXIM_LIBRARIES its library path, where it is not installed but unpacked. What it takes lies in $1/mail/new.
set -e
D=$1
EXIM=$(command -v "${EXIM:-exim4}")
mkdir -p "$D/spool" "$D/log" "$D/mail"
cat > "$D/exim.conf" <<END
keep_environment = LD_PRELOAD : LD_LIBRARY_PATH : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
add_environment = PATH=/usr/bin:/bin
exim_path = $EXIM
spool_directory = $D/spool
log_file_path = $D/log/%slog
pid_file_path = $D/exim.pid
primary_hostname = localhost
local_interfaces = 127.0.0.1
daemon_smtp_ports = $2 : $3 : $4
tls_on_connect_ports = $4
tls_advertise_hosts = \${if eq{\$received_port}{$2}{}{*}}
tls_certificate = $D/server.pem
tls_privatekey = $D/server.key
auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max_per_connection = 10000
smtp_accept_queue_per_connection = 0
message_size_limit = 50M
deliver_drop_privilege = true
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny message = 530 5.7.0 authentication required
       condition = \${if eq{\$received_port}{$2}{no}{yes}}
       !authenticated = *
  deny message = 550 5.1.1 no such user
       local_parts = nosuch
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = $D/mail
  maildir_format
  create_directory
  use_crlf
  mode = 0644
  directory_mode = 0755
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{alice}}{eq{\$auth3}{secret}}}}
  server_set_id = \$auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = \${if and{{eq{\$auth1}{alice}}{eq{\$auth2}{secret}}}}
  server_set_id = \$auth1
END
if "$EXIM" --version 2>/dev/null | grep -q "Authenticators:.* spa"; then
cat >> "$D/exim.conf" <<END
ntlm:
  driver = spa
  public_name = NTLM
  server_password = \${if eq{\$auth1}{alice}{secret}fail}
  server_set_id = \$auth1
END
fi
chmod 644 "$D/exim.conf"
chown -R nobody "$D"
chown root "$D/exim.conf"
chmod 755 "$D"
if [ -n "$EXIM_LIBRARIES" ]; then
  # Debian's build looks up a user that its package would have made.
  echo "Debian-exim:x:$(id -u nobody):$(id -g nobody)::/nonexistent:/bin/false" | cat - /etc/passwd > "$D/passwd"
  echo "Debian-exim:x:$(id -g nobody):" | cat - /etc/group > "$D/group"
  export NSS_WRAPPER_PASSWD="$D/passwd" NSS_WRAPPER_GROUP="$D/group"
  export LD_LIBRARY_PATH="$EXIM_LIBRARIES" LD_PRELOAD=libnss_wrapper.so
fi
exec setpriv --reuid=nobody --regid=nogroup --clear-groups "$EXIM" -bdf -C "$D/exim.conf"
