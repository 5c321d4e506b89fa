<#-- One line for each library of the distribution: coordinates, then its licenses. -->
Sendport contains the following third-party libraries. Each line names a library, its version and its licenses.
A semicolon separates several licenses; the notice inside the jar file says whether you may choose one of them.

<#list dependencyMap as e>
<#if e.getKey().groupId != "io.sendport">
${e.getKey().groupId}:${e.getKey().artifactId}:${e.getKey().version} (${e.getKey().name!e.getKey().artifactId}): <#list e.getValue() as license>${license}<#sep>; </#sep></#list>
</#if>
</#list>
