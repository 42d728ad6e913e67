package io.kontor.command;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;

/** The aggregates and everything else that handles commands. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.COMMAND)
@ComponentScan(
    excludeFilters =
        @Filter(
            type = FilterType.REGEX,
            pattern =
                "io\\.kontor\\.command\\.(http\\..*|(\\w+\\.)?web\\..*|CommandSideConfiguration)"))
class CommandHandlersConfiguration {}
