package io.kontor.personaldata;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The master key that wraps the keys to personal data. Outside profile {@code embedded} it has no
 * default.
 *
 * @param key base64 of 32 random bytes
 * @param formerKeys former master keys, needed for as long as a key is wrapped with one
 */
@ConfigurationProperties("kontor.master")
public record MasterKeyProperties(@Nullable String key, @DefaultValue List<String> formerKeys) {

  /** Without the keys. */
  @Override
  public String toString() {
    return "kontor.master";
  }
}
