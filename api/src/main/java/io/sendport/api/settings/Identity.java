package io.sendport.api.settings;

/**
 * An account, as NTLM wants it.
 *
 * @param domain may be empty
 * @param user the account's name
 * @param password its password
 */
public record Identity(String domain, String user, Secret password) {}
