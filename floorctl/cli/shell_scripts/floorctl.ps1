# Completion of floorctl in Windows PowerShell 5.1 and PowerShell 7.
# Load it with: floorctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName floorctl, floorctl.exe, floorctl.cmd -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @(foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.EndOffset -ge $cursorPosition -and $element -ne $commandAst.CommandElements[0]) { break }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst] -or
            $element -is [System.Management.Automation.Language.ExpandableStringExpressionAst]) { $element.Value }
        else { $element.Extent.Text }
    })
    $program = $commandAst.GetCommandName()
    if (-not $program) { $program = 'floorctl' }
    $said, $status = [Console]::OutputEncoding, $global:LASTEXITCODE
    try {
        [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
        $env:_FLOORCTL_COMPLETE = 'powershell_complete'
        $env:_FLOORCTL_WORDS = (@($words) + @("$wordToComplete")) -join [char]0x1f
        $found = @(& $program 2>$null)
    } finally {
        [Console]::OutputEncoding = $said
        $env:_FLOORCTL_COMPLETE = $null
        $env:_FLOORCTL_WORDS = $null
        $global:LASTEXITCODE = $status
    }
    foreach ($line in $found) {
        $kind, $value, $help = "$line" -split "`t", 3
        if ($kind -ne 'plain' -and $kind -ne 'open') { continue }
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
}
