package io.kontor.job.queue;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * The beans of jobs, to be imported. Needs {@code appDataSource} and {@code workerDataSource}; a
 * node that runs jobs has {@link JobWorkers}, too.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobQueueProperties.class)
public class JobQueueConfiguration {

  /** For requests: joins transactions of the tenant. */
  @Bean
  JobQueue appJobQueue(
      @Qualifier("appDataSource") DataSource app,
      JsonMapper json,
      ObjectProvider<JobWorkers> workers) {
    return new JobQueue(app, json, () -> workers.ifAvailable(JobWorkers::wake));
  }

  /** For event processors and jobs. */
  @Bean
  JobQueue workerJobQueue(
      @Qualifier("workerDataSource") DataSource worker,
      JsonMapper json,
      ObjectProvider<JobWorkers> workers) {
    return new JobQueue(worker, json, () -> workers.ifAvailable(JobWorkers::wake));
  }
}
