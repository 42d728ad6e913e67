package io.kontor.command;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;

/** The aggregates and other command handlers, on nodes with the command role. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.COMMAND)
@ComponentScan(
    excludeFilters =
        @Filter(
            type = FilterType.REGEX,
            pattern =
                "io\\.kontor\\.command\\.(http\\..*|(\\w+\\.)?web\\..*|CommandSideConfiguration)"))
class CommandHandlersConfiguration {}
