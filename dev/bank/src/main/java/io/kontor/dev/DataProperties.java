package io.kontor.dev;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What profile {@code embedded} keeps.
 *
 * @param dir only with profile {@code embedded}: the folder of the database cluster, the passwords
 *     of its logins, the key of the development tokens and the master key of personal data, each
 *     with mode 0600
 */
@ConfigurationProperties("kontor.data")
record DataProperties(@DefaultValue("./data") Path dir) {}
