package io.kontor.query;

import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The query handlers and the HTTP API over them. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class QuerySideConfiguration {

  @Bean
  RequestRecords requestRecords(IdempotencyRecords records, JsonMapper json) {
    return new RequestRecords(records, json);
  }

  @Bean
  ReadGateway readGateway(QueryGateway queries, ReadModelPositions readModels) {
    return new ReadGateway(queries, readModels);
  }
}
