package io.sendport.api.settings;

/**
 * An account in the form that NTLM needs.
 *
 * @param domain may be empty
 * @param user the account's name
 * @param password its password
 */
public record Identity(String domain, String user, Secret password) {}
