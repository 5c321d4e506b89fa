package io.sendport.api.settings;

/**
 * An account with its password, as NTLM needs it. Immutable.
 *
 * @param domain the Windows domain; may be empty
 * @param user the user name
 * @param password the password
 */
public record Identity(String domain, String user, Secret password) {}
