package io.kontor.operations;

import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.operations.support.RequestRecords;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP API of operators and admins. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class OperationsConfiguration {

  @Bean
  RequestRecords requestRecords(IdempotencyRecords records, JsonMapper json) {
    return new RequestRecords(records, json);
  }
}
