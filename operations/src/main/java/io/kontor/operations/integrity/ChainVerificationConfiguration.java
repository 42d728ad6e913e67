package io.kontor.operations.integrity;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.eventstore.read.EventReader;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The job, with the worker's login: no request waits for its connections. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
class ChainVerificationConfiguration {
  @Bean
  ChainVerificationJob chainVerificationJob(@Qualifier("workerDataSource") DataSource worker) {
    return new ChainVerificationJob(new EventReader(worker));
  }
}
