package io.kontor.query;

import io.kontor.eventstore.Answers;
import io.kontor.projections.engine.ReadModels;
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
  Questions questions(QueryGateway queries, ReadModels readModels) {
    return new Questions(queries, readModels);
  }

  @Bean
  RequestRecords requestRecords(Answers answers, JsonMapper json) {
    return new RequestRecords(answers, json);
  }
}
