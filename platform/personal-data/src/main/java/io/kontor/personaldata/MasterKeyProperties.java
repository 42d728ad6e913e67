package io.kontor.personaldata;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The master key that wraps the keys to personal data. Outside profile {@code embedded} it has no
 * default.
 *
 * @param key base64 of 32 random bytes ({@code openssl rand -base64 32}), which wraps the keys to
 *     personal data. Without it no name can be read: keep it safe, and apart from the database and
 *     its backups. Required; with profile {@code embedded} one is made and kept in the data folder
 * @param formerKeys former master keys, needed for as long as a key is wrapped with one
 */
@ConfigurationProperties("kontor.master")
public record MasterKeyProperties(@Nullable String key, @DefaultValue List<String> formerKeys) {
  /**
   * @throws InvalidConfigurationPropertyValueException when a key is malformed, without the key
   */
  public MasterKeyProperties {
    if (key != null) {
      requireKey("key", key);
    }
    formerKeys.forEach(former -> requireKey("former-keys", former));
  }

  private static void requireKey(String name, String key) {
    try {
      MasterKeys.of(key, List.of());
    } catch (IllegalArgumentException malformed) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.master." + name, "******", malformed.getMessage());
    }
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "kontor.master";
  }
}
