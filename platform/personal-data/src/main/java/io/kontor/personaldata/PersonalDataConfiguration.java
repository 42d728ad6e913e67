package io.kontor.personaldata;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The beans of this module, to be imported. Needs the data sources. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MasterKeyProperties.class)
public class PersonalDataConfiguration {

  @Bean
  @Profile("!embedded & !cell")
  MasterKeys masterKeys(MasterKeyProperties properties) {
    return MasterKeys.of(Objects.requireNonNull(properties.key()), properties.formerKeys());
  }

  @Bean
  SubjectKeyStore subjectKeys(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      MasterKeys masters) {
    return new SubjectKeyStore(appTransactions, app, masters);
  }

  @Bean
  NotificationSubscription goneKeys(
      PostgresNotificationListener listener,
      DatabaseConnectionDetails database,
      SubjectKeyStore keys) {
    return KeyRevocationHandler.subscribe(listener, database.schema(), keys);
  }

  @Bean
  PersonalDataService personalData(SubjectKeyStore keys) {
    return new PersonalDataService(keys);
  }
}
