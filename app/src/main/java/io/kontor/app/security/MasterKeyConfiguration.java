package io.kontor.app.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.app.startup.StartupRejectedException;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The master key that wraps the keys to personal data. Outside profile embedded it has no default.
 */
@Configuration(proxyBeanMethods = false)
class MasterKeyConfiguration {

  /**
   * @param key base64 of 32 random bytes
   * @param formerKeys former master keys, needed for as long as a key is wrapped with one
   */
  @ConfigurationProperties("kontor.master")
  record Settings(@Nullable String key, @DefaultValue List<String> formerKeys) {
    MasterKeys keys(String current) {
      try {
        return MasterKeys.of(current, formerKeys);
      } catch (IllegalArgumentException malformed) {
        throw new StartupRejectedException("KONTOR_MASTER_KEY: " + malformed.getMessage());
      }
    }

    /** Without the keys. */
    @Override
    public String toString() {
      return "kontor.master";
    }
  }

  @Bean
  @Profile("!embedded")
  MasterKeys masterKeys(Settings settings) {
    return settings.keys(String.valueOf(settings.key()));
  }

  /** Kept in the data folder, next to the database it protects: for development only. */
  @Bean
  @Profile("embedded")
  MasterKeys masterKeyInTheFolder(
      Settings settings, @Value("${kontor.data.dir}") Path folder, EmbeddedPostgres inUse) {
    return settings.keys(settings.key() == null ? keptIn(folder) : settings.key());
  }

  private static String keptIn(Path folder) {
    byte[] kept =
        SecretFile.readOrCreate(
            folder.resolve("master-key"), () -> MasterKeys.generate().getBytes(US_ASCII));
    return new String(kept, US_ASCII);
  }
}
