package io.kontor.cluster;

import io.kontor.cluster.routing.ClusterSecret;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Matches when nodes share a secret and no other transport routes commands. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnProperty(ClusterSecret.PROPERTY)
@ConditionalOnProperty(name = "axon.axonserver.enabled", havingValue = "false")
public @interface ConditionalOnCluster {}
